/** Rows that are read at once: the most that lists give. */
export const pageSize = 500;
