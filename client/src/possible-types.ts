export { possibleTypes } from './generated/possible-types.ts';
