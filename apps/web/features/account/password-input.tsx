"use client";

import { TextInput } from "@/components/field.tsx";

interface PasswordInputProps {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "data-first"?: string;
  readonly use: "current-password" | "new-password";
  readonly value: string;
  readonly onType: (text: string) => void;
}

export function PasswordInput({ use, onType, ...props }: PasswordInputProps) {
  return (
    <TextInput
      {...props}
      type="password"
      autoComplete={use}
      maxLength={256}
      onChange={({ target }) => onType(target.value)}
    />
  );
}
