import { Option } from "commander";

export const dataDirOption = (what = "where the log is kept") =>
  new Option("--data-dir <path>", what).env("DOWNBEAT_DATA_DIR").default(".downbeat");
