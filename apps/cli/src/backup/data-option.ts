import { Option } from "commander";

export const dataDirOption = () =>
  new Option("--data-dir <path>", "where the log is kept").env("DOWNBEAT_DATA_DIR").default(".downbeat");
