//! What the value of a function is called that is not known: two that may be different values are called
//! differently, as what is called alike is taken as the same.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::evaluate::{Evaluated, Scope};
use super::template::names_in;
use kms_alias_foresee::verdict::stand_in_part;

/// As many characters of an argument are shown.
const MOST_SHOWN: usize = 80;

impl Scope<'_> {
    /// The value of a function that is not known, by its argument and the values of parameters in that.
    pub(super) fn unknown_call(&self, name: &str, argument: &Value) -> Evaluated {
        let written = argument.to_string();
        let mut values = String::new();
        for named in names_in([argument].into_iter()) {
            let Some(parameter) = self.template.entry("Parameters", &named) else {
                continue;
            };
            let value = self.parameter(&named, parameter);
            let shown = match &value {
                Evaluated::List(list) => {
                    let each = list.iter().map(Evaluated::shown);
                    each.collect::<alloc::vec::Vec<_>>().join(",")
                }
                value => value.shown(),
            };
            if shown != format!("${{{named}}}") {
                values.push_str(&format!(" with {named} = {shown}"));
            }
        }
        let whole = [&*written, &*values].concat();
        let shown = match whole.char_indices().nth(MOST_SHOWN) {
            None => whole,
            // What is cut off counts too.
            Some((end, _)) => {
                let begin = whole.get(..end).unwrap_or_default().to_string();
                format!("{begin}… ({})", stand_in_part(&whole, 12))
            }
        };
        Evaluated::unknown(format!("{name} {shown}"))
    }
}
