package org.ouroborosdb.jdbc.tree;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** Says in words why a file could not be read or written. */
public final class FileProblem {
  private FileProblem() {}

  /** Returns the path, where the failure names one, and the reason. */
  public static String text(IOException failure) {
    if (failure instanceof FileSystemException known && known.getFile() != null) {
      return known.getFile() + ": " + reason(failure);
    }
    return reason(failure);
  }

  /** Returns the reason without the path. */
  static String reason(Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    } else if (failure instanceof NotDirectoryException) {
      return "is no directory";
    } else if (failure instanceof DirectoryNotEmptyException) {
      return "is not empty";
    } else if (failure instanceof FileSystemLoopException) {
      return "too many symbolic links";
    } else if (failure instanceof FileSystemException known && known.getReason() != null) {
      return known.getReason();
    }
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }
}
