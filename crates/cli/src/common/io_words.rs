//! What keeps a file from being read or written, in words that say what to do: those of the operating
//! system are short.

use std::io::{Error, ErrorKind};

/// Why a file cannot be read.
pub fn cannot_read(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => {
            "there is no such file: look at its name, and at the folder from which the command runs"
                .to_owned()
        }
        ErrorKind::PermissionDenied => {
            "you may not read this file: let this user read it (`chmod u+r`), or run the command as a \
             user who may"
                .to_owned()
        }
        ErrorKind::IsADirectory => "this is a folder: name the files in it".to_owned(),
        _ => format!("the file cannot be read: {}", plain(error)),
    }
}

/// Why a file cannot be written.
pub fn cannot_write(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "its folder does not exist: make it first".to_owned(),
        ErrorKind::PermissionDenied => {
            "you may not write here: name another file, or let this user write to the folder"
                .to_owned()
        }
        ErrorKind::IsADirectory => "this is a folder: name a file".to_owned(),
        ErrorKind::NotADirectory => {
            "what its folder should be is a file: name another one".to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => {
            "this file system is read-only: name a file elsewhere".to_owned()
        }
        ErrorKind::StorageFull => {
            "the disk is full: make room, or name a file elsewhere".to_owned()
        }
        _ => format!("the file cannot be written: {}", plain(error)),
    }
}

/// The system's words without its number.
pub fn plain(error: &Error) -> String {
    let words = error.to_string();
    let (words, _) = words.split_once(" (os error ").unwrap_or((&words, ""));
    words.to_owned()
}
