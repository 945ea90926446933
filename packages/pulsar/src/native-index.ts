export type { NativeModule } from "./native/module.ts";
export { openPulsarNativeLog, type PulsarNativeOptions } from "./native/native-log.ts";
