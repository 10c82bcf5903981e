//! A file: its name and its bytes.

/// A file of an account: what the AWS CLI printed, and the name by which errors call it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name of the file, for errors.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}
