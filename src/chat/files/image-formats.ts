/** The formats that are read. */
export const formats: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

export const isImage = (contentType: string): boolean => Object.hasOwn(formats, contentType);
