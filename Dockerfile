# Two images from one file:
#   docker build --target sandbox -t layerwise-sandbox .   the worker of `--sandbox docker`: Python, NumPy, and what runs inside; no answer
#   docker build -t layerwise .                            the whole of Layerwise, for CI: docker run --network none \
#                                                            -v "$PWD":/submission:ro layerwise check /submission --format json
#
# BASE is any image with `python` on the path and `venv` in it. Without a network (or behind a private certificate), put the wheels in
# wheels/ and add `--network none --build-arg PIP_NO_INDEX=1`. No `RUN --mount`: the legacy builder must do.
ARG BASE=python:3.13-slim


# Everything that both images share. Their root file system is read-only at run time, so byte code is compiled here or never:
# without it the start of NumPy takes four times as long, and the official images come without that of the standard library.
FROM ${BASE} AS base
RUN stdlib="$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && python -m compileall -q -j 0 -x '/(test|tests|lib2to3|idlelib|site-packages|dist-packages)/' "$stdlib"
# One BLAS thread: a pool of them cannot live in a sealed child, and the first matrix product would hang.
ENV OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1


FROM ${BASE} AS tools
ARG NUMPY=2.5.5
ARG PIP_NO_INDEX=0
# Arguments end with their stage; the environment goes on into the stages that start from this one, and is in neither image.
ENV NUMPY=${NUMPY} PIP_NO_INDEX=${PIP_NO_INDEX} PIP_FIND_LINKS=/wheels PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/layerwise
# Named beside a file that is always there, because a pattern that matches nothing fails the build.
COPY pyproject.toml wheel[s] /wheels/


FROM tools AS worker
RUN /opt/layerwise/bin/python -m pip install --quiet --only-binary numpy --no-deps --target /worker/packages "numpy==${NUMPY}" \
    && rm -r /worker/packages/bin
COPY grader/sandbox/inside /worker/inside
RUN python -m compileall -q --invalidation-mode unchecked-hash /worker/inside && chmod -R a+rX /worker


FROM base AS sandbox
COPY --from=worker /worker /opt/layerwise
# For people who look inside: the grader says itself what runs, with which flags and environment, so that it is the same as in its
# process sandbox (grader/sandbox/docker.py). It refuses an image whose /opt/layerwise/inside differs from its own.
ENV PYTHONPATH=/opt/layerwise/packages
USER 10001:10001
CMD ["python"]


FROM tools AS install
COPY . /source
RUN /opt/layerwise/bin/python -m pip install --quiet --only-binary numpy "numpy==${NUMPY}" /source


FROM base AS ci
COPY --from=install /opt/layerwise /opt/layerwise
ENV PATH=/opt/layerwise/bin:$PATH
USER 10001:10001
ENTRYPOINT ["grade"]
