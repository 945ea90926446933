export default {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "./strip-types.js" },
};
