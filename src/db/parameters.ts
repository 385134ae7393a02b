/** Collects the values of a statement that is put together from parts. */
export function createParameters() {
  const values: unknown[] = [];
  return {
    values,
    /** Adds a value. Returns the expression that stands for it. */
    add: (value: unknown, type: string): string => `$${values.push(value)}::${type}`,
  };
}

export type AddParameter = ReturnType<typeof createParameters>['add'];
