import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';

/** A file that somebody uploads or has uploaded; its bytes are in the storage, under its id. */
export const FileSchema = defineEntity({
  name: 'File',
  tableName: 'files',
  properties: {
    ...companyColumns,
    createdById: p.uuid().nullable(),
    name: p.string(),
    /** the PUT brings at most so many bytes */
    announcedSize: p.bigint('number'),
    /** a PUT is under way, or was when its process was killed */
    receivingSince: p.datetime(3).nullable(),
    /** since when it is whole; then it has the three that follow */
    storedAt: p.datetime(3).nullable(),
    size: p.bigint('number').nullable(),
    contentType: p.string().nullable(),
    sha256: p.string().nullable(),
    /** attached to something, once for all: no longer an upload of its user */
    claimed: p.boolean(),
    /** when it goes; null while something has it */
    dueAt: p.datetime(3).nullable(),
    /** it is going: nobody finds it any more */
    removed: p.boolean(),
  },
});
