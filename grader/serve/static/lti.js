// A platform waits for this to close the window in which it was registered (LTI Dynamic Registration 1.0, section 3.6). It tells nothing.
(window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
