//! The operators of a condition, and their value where the request does not have the key.

/// How the values of a key are compared, if they are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperator {
    ForAllValues,
    ForAnyValue,
}

/// An operator such as `ForAnyValue:StringLikeIfExists`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator<'a> {
    pub(crate) set: Option<SetOperator>,
    /// What remains, such as `StringLike`.
    pub(crate) comparison: &'a str,
    pub(crate) if_exists: bool,
}

/// The operators that compare texts.
const OF_STRINGS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];

impl<'a> Operator<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let sets = [
            (SetOperator::ForAllValues, "ForAllValues:"),
            (SetOperator::ForAnyValue, "ForAnyValue:"),
        ];
        let (set, rest) = sets
            .iter()
            .find_map(|(set, prefix)| Some((Some(*set), strip_prefix(text, prefix)?)))
            .unwrap_or((None, text));
        let stripped = strip_suffix(rest, "IfExists");
        Self {
            set,
            comparison: stripped.unwrap_or(rest),
            if_exists: stripped.is_some(),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.comparison.eq_ignore_ascii_case(name)
    }

    pub(crate) fn is_null(&self) -> bool {
        self.is("Null")
    }

    pub(crate) fn is_of_strings(&self) -> bool {
        OF_STRINGS.iter().any(|name| self.is(name))
    }

    /// Whether it is true of what equals or matches none of the values.
    pub(crate) fn is_negated(&self) -> bool {
        let lower = self.comparison.to_ascii_lowercase();
        lower.contains("not")
    }

    pub(crate) fn ignores_case(&self) -> bool {
        self.comparison.to_ascii_lowercase().ends_with("ignorecase")
    }

    /// Whether `*` and `?` are characters like others.
    pub(crate) fn is_exact(&self) -> bool {
        self.comparison.to_ascii_lowercase().contains("equals")
    }

    /// Its value where the request does not have the key; `null` is the value of `Null`, if known.
    pub(crate) fn value_without_key(&self, null: Option<bool>) -> Option<bool> {
        if self.is_null() {
            return null;
        }
        Some(match self.set {
            _ if self.if_exists => true,
            Some(SetOperator::ForAllValues) => true,
            Some(SetOperator::ForAnyValue) => false,
            None => self.is_negated(),
        })
    }
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(rest)
}
