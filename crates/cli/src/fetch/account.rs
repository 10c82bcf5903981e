//! The account file: documents as the AWS CLI prints them, one list a document, one key a document.

use serde_json::value::RawValue;

use super::partial::Partial;
use super::reader::Holdings;

/// The text of the file.
pub fn text(holdings: &Holdings, partial: &Partial) -> String {
    let mut text = String::new();
    let aliases = holdings
        .aliases
        .values()
        .map(|alias| alias.text.get().to_owned());
    push_list(&mut text, "Aliases", aliases, false);
    if holdings.keys_are_listed {
        let listed = holdings.keys.iter().filter_map(|(key_id, arn)| {
            let arn = arn.as_ref()?;
            let is_listed = !holdings.unlisted.contains(key_id);
            is_listed.then(|| serde_json::json!({"KeyArn": arn, "KeyId": key_id}).to_string())
        });
        // Where an alias names a key that no list has, the list does not say what exists.
        push_list(&mut text, "Keys", listed, !holdings.unlisted.is_empty());
    }
    for metadata in descriptions(holdings, partial) {
        text.push_str("{\"KeyMetadata\":");
        text.push_str(metadata.get());
        text.push_str("}\n");
    }
    text
}

/// What is known of each key that exists.
pub fn descriptions<'a>(
    holdings: &'a Holdings,
    partial: &'a Partial,
) -> impl Iterator<Item = &'a RawValue> {
    let arns = holdings.keys.values().flatten();
    arns.filter_map(|arn| partial.get(arn))
}

fn push_list(text: &mut String, member: &str, items: impl Iterator<Item = String>, goes_on: bool) {
    text.push_str(&format!("{{\"{member}\":["));
    let mut separator = "\n";
    for item in items {
        text.push_str(separator);
        text.push_str(&item);
        separator = ",\n";
    }
    text.push_str(&format!("\n],\"Truncated\":{goes_on}}}\n"));
}
