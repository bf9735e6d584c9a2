import { labFaultsZh, labProblemsZh } from './lab-faults-zh.ts';
import { zhLab } from './zh-lab.ts';

/** All the phone lab says in Simplified Chinese. */
export const zhLabAll = { ...zhLab, ...labFaultsZh, ...labProblemsZh };
