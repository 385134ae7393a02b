import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost } from '../../graphql/pages.ts';
import { defaultLimits } from '../../limits.ts';
import { Message } from '../messages/messages.graphql.ts';
import { addressOf, attachmentsOf } from './attachments.ts';
import { completeUpload } from './complete-upload.ts';
import { createUpload } from './create-upload.ts';
import type { FileRow } from './file-rows.ts';
import { findUpload, partsOf, type UploadPart as UploadPartRow } from './uploads.ts';

const UploadPart = builder.objectRef<UploadPartRow>('UploadPart').implement({
  description: 'A part of a file that is being uploaded.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'The number of the part, from 1 on.' }),
    offset: t.exposeInt('offset', {
      description: 'The position of the first byte of the part in the file.',
    }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'The size of the part in bytes.' }),
    url: t.exposeString('url', {
      description:
        'The address to which to PUT exactly these bytes, without a token. It may be a path of this server. The answer has the header `ETag`.',
    }),
    isStored: t.boolean({
      description: 'Whether the part is stored, so that it need not be sent again.',
      resolve: ({ etag }) => etag !== null,
    }),
    etag: t.exposeString('etag', {
      nullable: true,
      description: 'The etag of a stored part, for `completeUpload`. Null for other parts.',
    }),
  }),
});

const Upload = builder.objectRef<FileRow>('Upload').implement({
  description:
    'An unfinished upload of the viewer. After an interruption, query it again and send the parts that are not stored.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    fileName: t.exposeString('fileName', {
      description: 'The name that the attachment will have.',
    }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'The size of the file in bytes.' }),
    parts: t.field({
      type: [UploadPart],
      description: 'The parts of the file, in their order.',
      complexity: atMost(defaultLimits.uploadPartsMax),
      resolve: (file, _args, { scope }) => partsOf(scope, file),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'The time at which the upload is deleted unless it is complete.',
      resolve: ({ expiresAt }) => expiresAt ?? new Date(),
    }),
  }),
});

const Attachment = builder.objectRef<FileRow>('Attachment').implement({
  description: 'A file of a message, or one that the viewer has uploaded and not sent yet.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    fileName: t.exposeString('fileName', {
      description: 'The name of the file, without folders and without characters that mislead.',
    }),
    contentType: t.exposeString('contentType', {
      description: 'The media type, found from the content of the file.',
    }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'The size in bytes.' }),
    url: t.string({
      description:
        'The address of the file. It may be a path of this server. Send the token with the request, as with any other: everyone who may see the message may fetch the file.',
      resolve: (file, _args, { scope }) => addressOf(scope, file),
    }),
    width: t.exposeInt('width', {
      nullable: true,
      description: 'The width of an image in pixels. Null for other files.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      description: 'The height of an image in pixels. Null for other files.',
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description:
        'The address of a smaller version of an image, with the same permission as `url`. Null for other files.',
      resolve: (file, _args, { scope }) =>
        file.thumbnailBytes !== null ? addressOf(scope, file, '/thumbnail') : null,
    }),
    placeholder: t.exposeString('placeholder', {
      nullable: true,
      description:
        'A tiny picture of an image as a data URL, to show while the image loads. Null for other files.',
    }),
  }),
});

builder.objectField(Message, 'attachments', (t) =>
  t.field({
    type: [Attachment],
    description:
      'The files of the message, at most 10, in the order in which the author sent them. Empty after the message was deleted.',
    complexity: atMost(defaultLimits.attachmentsPerMessage),
    resolve: (message, _args, { scope }) => attachmentsOf(scope, message),
  }),
);

builder.queryField('upload', (t) =>
  t.field({
    type: Upload,
    nullable: true,
    description:
      'An upload of the viewer, with the parts that are stored. Null if there is none with this id, or it is complete or has expired.',
    extensions: viewerDependent,
    args: { id: t.arg.id({ required: true, description: 'The id of the upload.' }) },
    resolve: (_root, { id }, { scope }) => findUpload(scope, id),
  }),
);

const CreateUploadInput = builder.inputType('CreateUploadInput', {
  description: 'The file to upload.',
  fields: (t) => ({
    fileName: t.string({
      required: true,
      description:
        'The name of the file, 1–255 characters. Folders and characters that cannot be shown are removed. `INVALID` if nothing is left.',
    }),
    contentType: t.string({
      required: true,
      description:
        'A media type such as `image/png`, up to 255 characters. The server does not rely on it, and finds the type from the content.',
    }),
    sizeBytes: t.int({
      required: true,
      description:
        'The exact size in bytes: 1 to `serverInfo.limits.attachmentMaxBytes`. `INVALID` for other sizes.',
    }),
  }),
});

const UploadPayload = builder.objectRef<{ upload: FileRow }>('UploadPayload').implement({
  description: 'The result of starting an upload.',
  fields: (t) => ({
    upload: t.expose('upload', {
      type: Upload,
      description: 'The upload with the addresses of its parts.',
    }),
  }),
});

mutation('createUpload', {
  description:
    'Starts an upload of the viewer. PUT its parts to their addresses, then call `completeUpload`. `CONFLICT` if the file exceeds the quota of the viewer. `UNAVAILABLE` if the server has no space.',
  input: CreateUploadInput,
  payload: UploadPayload,
  resolve: async (input, { scope }) => ({ upload: await createUpload(scope, input) }),
});

const CompletedPart = builder.inputType('CompletedPart', {
  description: 'A part that was stored.',
  fields: (t) => ({
    number: t.int({ required: true, description: 'The number of the part.' }),
    etag: t.string({
      required: true,
      description: 'The header `ETag` of the answer to the PUT, or the `etag` of the part.',
    }),
  }),
});

const CompleteUploadInput = builder.inputType('CompleteUploadInput', {
  description: 'An upload with all its parts.',
  fields: (t) => ({
    uploadId: t.id({
      required: true,
      description: 'The id of an upload of the viewer. `NOT_FOUND` for others.',
    }),
    parts: t.field({
      type: [CompletedPart],
      required: true,
      description: 'All parts of the upload. `INVALID` if one is missing or has another etag.',
    }),
  }),
});

const AttachmentPayload = builder
  .objectRef<{ attachment: FileRow }>('AttachmentPayload')
  .implement({
    description: 'The result of completing an upload.',
    fields: (t) => ({
      attachment: t.expose('attachment', {
        type: Attachment,
        description: 'The attachment. Send its id with `sendMessage` within a day.',
      }),
    }),
  });

mutation('completeUpload', {
  description:
    'Makes an attachment of an upload whose parts are all stored. A repeat returns the same attachment. `INVALID` for an image that is damaged or too large. An attachment that is not sent within a day is deleted.',
  input: CompleteUploadInput,
  payload: AttachmentPayload,
  resolve: async (input, { scope }) => ({ attachment: await completeUpload(scope, input) }),
});
