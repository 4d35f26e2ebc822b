/**
 * Tests and numbers nest this deep at most: what walks them is recursive, and a filter that a program
 * made should be refused rather than overflow the stack. Each parenthesis and bracket is a level, and
 * so is each `not` and each arithmetic sign, which have the rest of their operand or of their number
 * below them. They count together, since they multiply: `not not (not not (…`.
 */
export const maxDepth = 200;

/**
 * More mistakes than these are not told at once. Reading stops there, since it costs much more to
 * go on behind a mistake than to read what is right.
 */
export const maxDiagnostics = 20;
