// A file of range_file.js in the file system of a Python that runs in the browser, to be read only.

const EIO = 29; // Emscripten's number for a failing disk

/** Put a file under the root; gives what tells the host's reason when a reading fails. */
export function mountFile(FS, name, file) {
  const failure = { error: null };
  const node = FS.createFile("/", name, {}, true, false);
  Object.defineProperty(node, "usedBytes", { value: file.size });
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, buffer, at, length, position) {
      try {
        const bytes = file.read(position, length);
        buffer.set(bytes, at);
        return bytes.length;
      } catch (error) {
        failure.error = error;
        throw new FS.ErrnoError(EIO);
      }
    },
  };
  return failure;
}
