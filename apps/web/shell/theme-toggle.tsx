"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { nextTheme, type Theme, themeCookie } from "./theme.ts";

const looks = {
  system: { icon: Monitor, word: "as the system" },
  light: { icon: Sun, word: "light" },
  dark: { icon: Moon, word: "dark" },
} as const;

export function useThemeSwitch(initial: Theme) {
  const [theme, setTheme] = useState(initial);
  function change(): void {
    const next = nextTheme(theme);
    setTheme(next);
    // In a cookie, so that the server's first answer is already in the right colours: no script, no flash.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox
    document.cookie = `${themeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  }
  return { theme, change };
}

export function ThemeToggle({ theme, onChange }: { theme: Theme; onChange: () => void }) {
  const { icon: Icon, word } = looks[theme];
  return (
    <IconButton label={`Theme: ${word}. Change to ${looks[nextTheme(theme)].word}`} onClick={onChange}>
      <Icon aria-hidden size={15} />
    </IconButton>
  );
}
