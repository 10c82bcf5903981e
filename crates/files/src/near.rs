//! Names that are much like another: what was meant where a name is misspelt.

use alloc::format;
use alloc::string::String;

/// Names are as like as that, of 1.
const ALIKE: f64 = 0.6;

/// The name that is most like another one, as the end of a sentence; empty if none is like it.
pub(crate) fn did_you_mean<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let likeness =
        |other: &str| strsim::normalized_damerau_levenshtein(&name, &other.to_lowercase());
    let names = names.into_iter().map(|other| (likeness(other), other));
    let (likeness, best) = names.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (likeness >= ALIKE).then_some(best)
}
