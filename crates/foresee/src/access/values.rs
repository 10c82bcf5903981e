//! Many patterns at once, found by what a name begins or ends with (rule P3).

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::pattern::AliasPattern;

/// Patterns of which a name has to match one.
///
/// Of ten thousand patterns a name is compared with those whose literal end it has; with those that
/// end in a wildcard only if it has their literal beginning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Patterns {
    all: Vec<AliasPattern>,
    by_tail: Index,
    by_head: Index,
    /// Those that begin and end with a wildcard.
    rest: Vec<usize>,
}

/// Places of patterns by a literal part of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Index {
    places: BTreeMap<Box<str>, Vec<usize>>,
    /// The lengths of the parts.
    lengths: BTreeSet<usize>,
}

impl Index {
    fn insert(&mut self, part: &str, place: usize) {
        self.lengths.insert(part.len());
        self.places.entry(part.into()).or_default().push(place);
    }

    /// Whether a pattern matches whose part `cut` finds in a name, given the part's length.
    fn any<'a>(
        &self,
        cut: impl Fn(usize) -> Option<&'a str>,
        matches: impl Fn(usize) -> bool,
    ) -> bool {
        let parts = self.lengths.iter().filter_map(|length| cut(*length));
        let mut places = parts.filter_map(|part| self.places.get(part)).flatten();
        places.any(|place| matches(*place))
    }
}

impl Patterns {
    pub(super) fn as_slice(&self) -> &[AliasPattern] {
        &self.all
    }

    /// Whether one of them matches a name.
    pub(super) fn match_any(&self, name: &str) -> bool {
        let tail = |length| name.get(name.len().checked_sub(length)?..);
        let head = |length| name.get(..length);
        let matches = |place: usize| {
            let pattern = self.all.get(place);
            pattern.is_some_and(|pattern| pattern.matches(name))
        };
        self.rest.iter().copied().any(matches)
            || self.by_tail.any(tail, matches)
            || self.by_head.any(head, matches)
    }
}

impl From<Vec<AliasPattern>> for Patterns {
    fn from(all: Vec<AliasPattern>) -> Self {
        let (mut by_tail, mut by_head) = (Index::default(), Index::default());
        let mut rest = Vec::new();
        for (place, pattern) in all.iter().enumerate() {
            match (pattern.tail(), pattern.head()) {
                ("", "") => rest.push(place),
                ("", head) => by_head.insert(head, place),
                (tail, _) => by_tail.insert(tail, place),
            }
        }
        Self {
            all,
            by_tail,
            by_head,
            rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    /// Every text of these characters that is no longer than so many.
    fn texts(alphabet: &[char], most: usize) -> Vec<String> {
        let mut all = Vec::from([String::new()]);
        let mut begin = 0;
        for _ in 0..most {
            let end = all.len();
            for index in begin..end {
                for character in alphabet {
                    let text = all[index].clone();
                    all.push(text + character.encode_utf8(&mut [0; 4]));
                }
            }
            begin = end;
        }
        all
    }

    #[test]
    fn many_patterns_match_what_each_of_them_matches_p3() {
        let patterns: Vec<AliasPattern> = texts(&['*', '?', 'a', 'é'], 4)
            .iter()
            .map(|text| text.parse().expect("a pattern"))
            .collect();
        let names = texts(&['a', 'b', 'é'], 4);
        // Several of them at once, each of which stands in some set.
        for few in patterns.chunks(3) {
            let set = Patterns::from(few.to_vec());
            for name in &names {
                let one_by_one = few.iter().any(|pattern| pattern.matches(name));
                assert_eq!(set.match_any(name), one_by_one, "{few:?} {name}");
            }
        }
    }
}
