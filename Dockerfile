# Three images from one file:
#   docker build --target sandbox -t layerwise-sandbox .   the worker of `--sandbox docker`: Python, NumPy, and what runs inside; no answer
#   docker build -t layerwise .                            the whole of Layerwise, for CI: docker run --network none \
#                                                            -v "$PWD":/submission:ro layerwise check /submission --format json
#   docker build --target service -t layerwise-service .   `grade serve`, its scheduler and its workers, for compose.yaml; docs/operating.md
#
# All begin from nothing: the interpreter, its libraries and our files (image/rootfs.py), without a shell, a package manager or a setuid
# program. All that is installed is pinned by its hash (image/*.txt). docs/secrets.md has what is in them, and their sizes.
#
# BASE is any glibc image with `python` on the path, and `venv` and `ldd` in it. Without a network (or behind a private certificate), put
# the wheels in wheels/ and add `--network none --build-arg PIP_NO_INDEX=1`. No `RUN --mount`: the legacy builder must do.
ARG BASE=python:3.13-slim


# Everything that both images share. Their root file system is read-only at run time, so byte code is compiled here or never:
# without it the start of NumPy takes four times as long, and the official images come without that of the standard library.
FROM ${BASE} AS base
RUN stdlib="$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && python -m compileall -q -j 0 -x '/(test|tests|lib2to3|idlelib|site-packages|dist-packages)/' "$stdlib"
COPY image/rootfs.py /rootfs.py


FROM ${BASE} AS tools
ARG PIP_NO_INDEX=0
# Arguments end with their stage; the environment goes on into the stages that start from this one, and is in neither image.
ENV PIP_NO_INDEX=${PIP_NO_INDEX} PIP_FIND_LINKS=/wheels PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_REQUIRE_HASHES=1 PIP_ONLY_BINARY=:all: PIP_NO_DEPS=1 PIP_QUIET=1
RUN python -m venv /opt/build
# Named beside files that are always there, because a pattern that matches nothing fails the build.
COPY image/*.txt wheel[s] /wheels/


FROM tools AS worker
RUN /opt/build/bin/python -m pip install --target /worker/packages -r /wheels/worker.txt && rm -r /worker/packages/bin
COPY grader/sandbox/inside /worker/inside
RUN python -m compileall -q --invalidation-mode unchecked-hash /worker/inside && chmod -R a+rX /worker


FROM base AS sandbox-files
COPY --from=worker /worker /opt/layerwise
RUN python /rootfs.py /rootfs /opt/layerwise


FROM scratch AS sandbox
COPY --from=sandbox-files /rootfs /
# One BLAS thread: a pool of them cannot live in a sealed child, and the first matrix product would hang.
# The path to the packages is for people who look inside: the grader says itself what runs, with which flags and environment, so that it is
# the same as in its process sandbox (grader/sandbox/docker.py). It refuses an image whose /opt/layerwise/inside differs from its own.
ENV PATH=/usr/local/bin:/usr/bin:/bin PYTHONPATH=/opt/layerwise/packages OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
CMD ["python"]


FROM tools AS install
RUN python -m venv --without-pip /opt/layerwise \
    && /opt/build/bin/python -m pip install -r /wheels/build.txt \
    && /opt/build/bin/python -m pip --python /opt/layerwise install -r /wheels/worker.txt -r /wheels/layerwise.txt
COPY . /source
# Our own wheel has no hash to be pinned by: it is made here, of the sources beside this file.
RUN export PIP_REQUIRE_HASHES=0 PIP_ONLY_BINARY= \
    && /opt/build/bin/python -m pip wheel --no-build-isolation --wheel-dir /made /source \
    && /opt/build/bin/python -m pip --python /opt/layerwise install /made/*.whl


FROM base AS ci-files
COPY --from=install /opt/layerwise /opt/layerwise
RUN python /rootfs.py /rootfs /opt/layerwise


FROM scratch AS ci
COPY --from=ci-files /rootfs /
ENV PATH=/opt/layerwise/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
ENTRYPOINT ["grade"]


# After `ci`, since the legacy builder builds every stage before the one that is wanted, and CI needs none of these.
FROM install AS install-service
RUN /opt/build/bin/python -m pip --python /opt/layerwise install -r /wheels/service.txt


FROM base AS service-files
COPY --from=install-service /opt/layerwise /opt/layerwise
COPY image/certificates.py /opt/layerwise/certificates.py
# Without nsswitch.conf glibc asks DNS before /etc/hosts. The authorities are for sign-in at a university (OpenID Connect, LTI).
RUN python /rootfs.py /rootfs /opt/layerwise \
    && printf 'hosts: files dns\n' >/rootfs/etc/nsswitch.conf \
    && mkdir -p /empty /rootfs/etc/ssl/certs \
    && cp /opt/layerwise/lib/python*/site-packages/certifi/cacert.pem /rootfs/etc/ssl/certs/ca-certificates.crt \
    && cp -r /opt/layerwise/lib/python*/site-packages/grader/default_course /rootfs/course


FROM scratch AS service
COPY --from=service-files /rootfs /
# A volume takes the owner of the folder that it is first laid over.
COPY --from=service-files --chown=10001:10001 /empty /data
COPY --from=service-files --chown=10001:10001 /empty /tls
ENV PATH=/opt/layerwise/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    HOME=/tmp SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 10001:10001
WORKDIR /data
ENTRYPOINT ["grade"]
CMD ["serve", "--data", "/data", "--host", "0.0.0.0"]


# What a build without --target makes.
FROM ci AS default
