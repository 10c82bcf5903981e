//! A file: its name and its bytes.

/// A file of an account: what the AWS CLI printed, and the name by which errors call it.
///
/// ```
/// use kms_alias_files::{File, Options, load};
///
/// let file = File { name: "aliases.json", bytes: b"" };
/// let error = load(&[file], Options::default()).unwrap_err();
/// assert_eq!(error.to_string(), "aliases.json: the file holds no JSON document");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name of the file, for errors.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}
