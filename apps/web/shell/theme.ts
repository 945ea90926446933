export type Theme = "system" | "light" | "dark";

export const themeCookie = "theme";

export function parseTheme(text: string | undefined): Theme {
  return text === "light" || text === "dark" ? text : "system";
}

const order: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

export const nextTheme = (theme: Theme): Theme => order[theme];
