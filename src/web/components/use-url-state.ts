import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Search, filters and sort live in the address: back works, and a list can be sent to somebody. */
export function useUrlState(): [
  (name: string) => string | undefined,
  (change: Record<string, string | undefined>) => void,
] {
  const [params, setParams] = useSearchParams();
  const read = useCallback((name: string) => params.get(name) ?? undefined, [params]);
  const write = useCallback(
    (change: Record<string, string | undefined>) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change)) {
            if (value === undefined || value === '') after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [read, write];
}
