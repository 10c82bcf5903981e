//! What is wrong with a key that is there twice.

/// What is said of a key of a map of a template behind what names the key, where the map has the same key on an
/// earlier line: most readers of JSON and YAML pass over one of the two without an error.
///
/// ```
/// use kms_alias_yaml::duplicate_key;
///
/// let words = format!("the key `Alias` {}", duplicate_key(3));
/// assert!(words.starts_with("the key `Alias` is a duplicate of the one on line 3: "));
/// ```
#[must_use]
pub fn duplicate_key(first_line: usize) -> String {
    format!(
        "is a duplicate of the one on line {first_line}: most readers use the later one and ignore the other without \
         an error; remove one of them, or rename it"
    )
}
