//! Files of a folder that cannot be read: which of them are told.

use kms_alias_lint::Unread;

/// Whether a file that cannot be read has to do with KMS: it is Terraform, names KMS or an alias, or
/// is a policy, and is no template that another tool fills.
pub fn is_of_kms(unread: &Unread, bytes: &[u8]) -> bool {
    if is_terraform(&unread.file) {
        return true;
    }
    // UTF-16 has a zero beside each ASCII character.
    let ascii: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&ascii).to_ascii_lowercase();
    let is_policy = text.contains("statement") && text.contains("effect");
    let is_concerned = is_policy || text.contains("kms") || text.contains("alias/");
    is_concerned && !stops_at_placeholder(unread, &text)
}

fn is_terraform(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let endings = [".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json"];
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether reading stops where a placeholder begins, as in the sources of `templatefile`, ERB, Jinja.
fn stops_at_placeholder(unread: &Unread, text: &str) -> bool {
    const MARKS: &[&str] = &["${", "%{", "<%", "{{", "{%"];
    let line = text.lines().nth(unread.place.line.saturating_sub(1));
    let before = unread.place.column.saturating_sub(1);
    let rest = line.map(|line| line.chars().skip(before).collect::<String>());
    rest.is_some_and(|rest| MARKS.iter().any(|mark| rest.starts_with(mark)))
}
