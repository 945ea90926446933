import fc from "fast-check";

// Reports keep an error's own text, not its cause's: what failed in a property belongs into it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), includeErrorInReport: true });
