import { Field, TextArea } from "@/components/field.tsx";

interface ReasonFieldProps {
  readonly hint: string;
  readonly value: string;
  readonly onChange: (reason: string) => void;
  /** Ctrl+Enter sends; ending something takes a deliberate click instead. */
  readonly onSend: (() => void) | undefined;
}

/** Why a person does something, for those who read of it later. */
export function ReasonField({ hint, value, onChange, onSend }: ReasonFieldProps) {
  return (
    <Field label="Reason" hint={hint}>
      {(ids) => (
        <TextArea
          {...ids}
          data-first
          required
          rows={2}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend?.();
          }}
        />
      )}
    </Field>
  );
}
