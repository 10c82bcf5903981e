//! What is said on standard error of this example alone.

use std::io::{self, Write};

use kms_alias_foresee::AliasConditions;

use crate::common::warn;

pub fn progress(text: &str) {
    // Whoever closed standard error does not want to hear it.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Says which values of conditions are no error and yet match nothing.
pub fn idle_values(conditions: &AliasConditions) {
    for (name, condition) in conditions.iter() {
        for value in condition.idle_values() {
            warn(&format!(
                "condition `{name}`: no alias name there can be matches `{value}`: alias names begin \
                 with `alias/`, and conditions do not compare ARNs (rules A1, P3)"
            ));
        }
    }
}
