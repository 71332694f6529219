import type { ResolvedSubject } from '../description/index.js';
import { type TreeContext, typed } from './context.js';
import { dataset, type GroupNode, group, type Node } from './node.js';
import { text } from './values.js';

/** The group `/general/subject`. */
export function subjectGroup(subject: ResolvedSubject, context: TreeContext): GroupNode {
  const fields: [string, string | undefined][] = [
    ['date_of_birth', subject.dateOfBirth],
    ['description', subject.description],
    ['genotype', subject.genotype],
    ['sex', subject.sex],
    ['species', subject.species],
    ['strain', subject.strain],
    ['subject_id', subject.subjectId],
    ['weight', subject.weight],
  ];
  const children: [string, Node][] = [];
  for (const [name, value] of fields) {
    if (value !== undefined) children.push([name, dataset(text(value))]);
  }
  if (subject.age !== undefined) {
    const attributes = { reference: text(subject.ageReference ?? 'birth') };
    children.push(['age', dataset(text(subject.age), attributes)]);
  }
  return group(typed(context, 'core', 'Subject'), children);
}
