import { clsx } from "clsx";
import type { ComponentProps } from "react";

const looks = {
  primary: "bg-accent-strong text-white hover:opacity-90",
  plain: "border border-line-strong bg-surface text-ink hover:bg-hover",
  quiet: "text-ink-2 hover:bg-sunken hover:text-ink",
  danger: "border border-stuck/50 bg-surface text-stuck hover:bg-stuck-soft",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: keyof typeof looks;
  readonly size?: "normal" | "small";
  /** Why nothing may be done with it. It can still be reached, so that everybody finds out. */
  readonly refusal?: string | undefined;
}

export function Button({
  look = "plain",
  size = "normal",
  className,
  type = "button",
  refusal,
  ...props
}: ButtonProps) {
  const refused =
    refusal === undefined
      ? {}
      : { "aria-disabled": true, "aria-description": refusal, title: refusal, onClick: undefined };
  return (
    <button
      data-control=""
      type={refusal === undefined ? type : "button"}
      className={clsx(
        "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md",
        "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
        size === "normal" ? "h-8 px-3" : "h-6 px-2 text-small",
        looks[look],
        className,
      )}
      {...props}
      {...refused}
    />
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** Said to those who don't see the icon, and shown on hover. */
  readonly label: string;
}

export function IconButton({ label, className, type = "button", ...props }: IconButtonProps) {
  return (
    <button
      data-control=""
      type={type}
      aria-label={label}
      title={label}
      className={clsx(
        "inline-flex size-6 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink",
        "disabled:cursor-not-allowed disabled:opacity-40",
        className,
      )}
      {...props}
    />
  );
}
