//! What is known of the text of a name that is not known, besides its beginning.

use std::borrow::Cow;

use super::request::UnknownName;

/// What is known of the text of a name that is not known, besides its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum NameForm {
    /// Nothing.
    #[default]
    Any,
    /// It is one of these texts.
    OneOf(Vec<Box<str>>),
    /// After its beginning come one of several texts, if there are any, so many of these characters, and then its
    /// ending. Not every such text need be possible: a verdict is `ok` or `refused` only where it is for all of them.
    Written {
        /// With which texts it goes on; with any if there are none.
        goes_on: Vec<Box<str>>,
        /// The characters in between.
        characters: CharacterSet,
        /// How many of them there are at least.
        least: usize,
        /// How many of them there are at most, if that is bounded.
        most: Option<usize>,
        /// What the name ends with.
        suffix: Box<str>,
        /// The values that are not known of which it is made, and how many other characters it has: two names that
        /// are made of the same values and differ in that number are never one. None if that is not told.
        made_of: Option<(Box<str>, usize)>,
    },
}

/// A set of characters: ASCII's one by one, all others together.
///
/// ```
/// use kms_alias_foresee::verdict::CharacterSet;
///
/// let vowels: CharacterSet = "aeiou".chars().collect();
/// assert!(vowels.contains('e') && !vowels.contains('f') && !vowels.contains('é'));
/// assert!(CharacterSet::ALL.contains('é'));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CharacterSet {
    ascii: u128,
    others: bool,
}

impl CharacterSet {
    /// No character.
    pub const NONE: Self = Self {
        ascii: 0,
        others: false,
    };

    /// Every character.
    pub const ALL: Self = Self {
        ascii: u128::MAX,
        others: true,
    };

    /// Whether it has a character.
    #[must_use]
    pub fn contains(&self, character: char) -> bool {
        match u32::from(character) {
            number @ 0..128 => self.ascii >> number & 1 == 1,
            _ => self.others,
        }
    }

    /// Adds a character; one beyond ASCII with all others that are.
    pub fn insert(&mut self, character: char) {
        match u32::from(character) {
            number @ 0..128 => self.ascii |= 1 << number,
            _ => self.others = true,
        }
    }

    /// The characters of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            others: self.others || other.others,
        }
    }

    /// Of its characters, some of each kind that rules tell apart: letters and digits, the other
    /// characters of names, the colon, and what no name has (rule A3).
    fn of_each_kind(self) -> Vec<char> {
        let alphanumeric = || self.each().filter(char::is_ascii_alphanumeric);
        let others = "/_-:".chars().filter(|one| self.contains(*one));
        let is_of_no_name = |one: &char| !one.is_ascii_alphanumeric() && !"/_-:".contains(*one);
        let mut of_no_name = self.each().filter(is_of_no_name);
        let some = [alphanumeric().next(), alphanumeric().next_back()];
        let wrong = [of_no_name.next(), of_no_name.next_back()];
        let some = some.into_iter().flatten().chain(others);
        some.chain(wrong.into_iter().flatten()).collect()
    }

    /// Its characters; of those beyond ASCII one.
    fn each(self) -> impl DoubleEndedIterator<Item = char> {
        let all = ('\0'..='\u{7f}').chain(['é']);
        all.filter(move |character| self.contains(*character))
    }
}

impl FromIterator<char> for CharacterSet {
    fn from_iter<T: IntoIterator<Item = char>>(characters: T) -> Self {
        let mut set = Self::default();
        characters.into_iter().for_each(|one| set.insert(one));
        set
    }
}

/// What texts of names can begin with that rules tell apart (rules A1, A4, A8).
const BEGINNINGS: [&str; 3] = ["alias/", "alias/aws", "alias/aws/"];

/// As many texts of a name are told one by one.
const FEW: usize = 64;

/// One character more than the longest name has (rule A2).
const TOO_LONG: usize = 257;

impl UnknownName {
    /// Whether it may be this text.
    pub(super) fn may_be(&self, text: &str) -> bool {
        match &self.form {
            NameForm::Any => text.starts_with(&*self.prefix),
            NameForm::OneOf(texts) => texts.iter().any(|one| **one == *text),
            NameForm::Written {
                goes_on,
                characters,
                least,
                most,
                suffix,
                ..
            } => {
                let ends = |rest: &str| {
                    let Some(between) = rest.strip_suffix(&**suffix) else {
                        return false;
                    };
                    let length = between.chars().count();
                    length >= *least
                        && most.is_none_or(|most| length <= most)
                        && between.chars().all(|one| characters.contains(one))
                };
                let Some(rest) = text.strip_prefix(&*self.prefix) else {
                    return false;
                };
                let mut begun = goes_on.iter().filter_map(|it| rest.strip_prefix(&**it));
                match goes_on.is_empty() {
                    true => ends(rest),
                    false => begun.any(ends),
                }
            }
        }
    }

    /// The names that it may be, each with one of the texts with which it goes on in its beginning; none if it may go
    /// on with any.
    fn with_each_beginning(&self) -> Option<Vec<Self>> {
        let NameForm::Written { goes_on, .. } = &self.form else {
            return None;
        };
        let with = |text: &str| {
            let mut name = self.clone();
            name.prefix = [&*self.prefix, text].concat().into();
            if let NameForm::Written { goes_on, .. } = &mut name.form {
                goes_on.clear();
            }
            name
        };
        (!goes_on.is_empty()).then(|| goes_on.iter().map(|text| with(text)).collect())
    }

    /// The texts that it may be, if they are few.
    pub(super) fn texts(&self) -> Option<Cow<'_, [Box<str>]>> {
        if let Some(names) = self.with_each_beginning() {
            let mut all: Vec<Box<str>> = Vec::new();
            for name in names {
                all.extend(name.texts()?.iter().cloned());
                if all.len() > FEW.saturating_mul(FEW) {
                    return None;
                }
            }
            return Some(Cow::Owned(all));
        }
        match &self.form {
            NameForm::Any => None,
            NameForm::OneOf(texts) => Some(Cow::Borrowed(texts)),
            NameForm::Written {
                characters,
                least,
                most,
                suffix,
                ..
            } => {
                let most = most.filter(|most| *most <= FEW)?;
                let mut all: Vec<Box<str>> = Vec::new();
                let mut longest = vec![String::new()];
                for length in 0..=most {
                    if length >= *least {
                        let whole =
                            |between: &String| [&self.prefix, between.as_str(), suffix].concat();
                        all.extend(longest.iter().map(|between| Box::from(whole(between))));
                    }
                    if length == most {
                        break;
                    }
                    let longer = |begun: &String| {
                        let begun = begun.clone();
                        characters.each().map(move |one| format!("{begun}{one}"))
                    };
                    longest = longest
                        .iter()
                        .flat_map(longer)
                        .take(FEW.saturating_add(1))
                        .collect();
                    if longest.len() > FEW || characters.others {
                        return None;
                    }
                }
                Some(Cow::Owned(all))
            }
        }
    }

    /// Texts that it may be, so that rules A1 to A4 tell each text that it may be from none of these;
    /// none if nothing is known but its beginning.
    pub(super) fn samples(&self) -> Option<Vec<String>> {
        if let Some(texts) = self.texts() {
            return Some(texts.iter().map(|text| String::from(&**text)).collect());
        }
        if let Some(names) = self.with_each_beginning() {
            let each = names.iter().filter_map(Self::samples);
            return Some(each.flatten().collect());
        }
        let NameForm::Written {
            characters,
            least,
            suffix,
            ..
        } = &self.form
        else {
            return None;
        };
        let mut samples = self.of_each_character(*characters, *least, suffix);
        let open = BEGINNINGS
            .iter()
            .filter_map(|it| it.strip_prefix(&*self.prefix));
        for rest in open {
            samples.extend(self.beginning(rest, *characters, *least, suffix));
        }
        samples.retain(|text| self.may_be(text));
        Some(samples)
    }

    /// Texts of one character in between: as short as they can be, of one more, and too long.
    fn of_each_character(
        &self,
        characters: CharacterSet,
        least: usize,
        suffix: &str,
    ) -> Vec<String> {
        let around = self.prefix.len().saturating_add(suffix.len());
        let longest = TOO_LONG.saturating_sub(1).saturating_sub(around);
        let lengths = [0, 1].map(|more| least.saturating_add(more));
        let lengths = lengths.into_iter().chain([longest, least.max(TOO_LONG)]);
        let text = |length: usize, character: char| {
            let between: String = core::iter::repeat_n(character, length).collect();
            [&self.prefix, &*between, suffix].concat()
        };
        let kinds = characters.of_each_kind();
        let of_length = |length| kinds.iter().map(move |character| (length, *character));
        let each = lengths.flat_map(of_length);
        let mut texts: Vec<_> = each
            .map(|(length, character)| text(length, character))
            .collect();
        texts.push(text(0, 'x'));
        texts
    }

    /// Texts that go on with this, what is missing of it coming from their ending, or that are filled
    /// with each character.
    fn beginning(
        &self,
        rest: &str,
        characters: CharacterSet,
        least: usize,
        suffix: &str,
    ) -> Vec<String> {
        let ends = (0..=rest.len()).filter_map(|at| rest.split_at_checked(at));
        let ends = ends.filter(|(_, missing)| suffix.starts_with(missing));
        let mut texts: Vec<String> = ends
            .map(|(begun, _)| [&self.prefix, begun, suffix].concat())
            .collect();
        let missing = least.saturating_sub(rest.len());
        let fill = |character: char, length: usize| -> String {
            let fill: String = core::iter::repeat_n(character, length).collect();
            [&self.prefix, rest, &fill, suffix].concat()
        };
        for character in characters.each() {
            texts
                .extend([missing, missing.saturating_add(1)].map(|length| fill(character, length)));
        }
        texts
    }

    /// Whether it and another may be one text, as far as how they begin and end tells that.
    pub(super) fn may_be_that(&self, other: &Self) -> bool {
        if self.is_unique || other.is_unique || self.is_longer_or_shorter(other) {
            return false;
        }
        match (self.with_each_beginning(), other.with_each_beginning()) {
            (Some(mine), _) => mine.iter().any(|one| one.may_be_that(other)),
            (None, Some(others)) => others.iter().any(|one| self.may_begin_and_end_as(one)),
            (None, None) => self.may_begin_and_end_as(other),
        }
    }

    /// Whether two names are made of the same values, and one has more characters besides.
    fn is_longer_or_shorter(&self, other: &Self) -> bool {
        let made_of = |name: &Self| match &name.form {
            NameForm::Written { made_of, .. } => made_of.clone(),
            _ => None,
        };
        match (made_of(self), made_of(other)) {
            (Some((one, length)), Some((other, more))) => one == other && length != more,
            _ => false,
        }
    }

    fn may_begin_and_end_as(&self, other: &Self) -> bool {
        let (longer, shorter) = match self.prefix.len() >= other.prefix.len() {
            true => (self, other),
            false => (other, self),
        };
        let rest = longer.prefix.strip_prefix(&*shorter.prefix);
        let begins = rest.is_some_and(|rest| shorter.can_go_on(rest));
        let (mine, others) = (self.suffix(), other.suffix());
        begins && (mine.ends_with(others) || others.ends_with(mine))
    }

    fn suffix(&self) -> &str {
        match &self.form {
            NameForm::Written { suffix, .. } => suffix,
            _ => "",
        }
    }

    /// Whether this may follow its beginning; of what its ending may be nothing is said.
    fn can_go_on(&self, rest: &str) -> bool {
        match &self.form {
            NameForm::Written {
                characters, suffix, ..
            } => !suffix.is_empty() || rest.chars().all(|one| characters.contains(one)),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(
        prefix: &str,
        characters: &str,
        least: usize,
        most: usize,
        suffix: &str,
    ) -> UnknownName {
        UnknownName {
            label: "name".into(),
            prefix: prefix.into(),
            is_unique: false,
            form: NameForm::Written {
                goes_on: Vec::new(),
                characters: characters.chars().collect(),
                least,
                most: Some(most),
                suffix: suffix.into(),
                made_of: None,
            },
        }
    }

    #[test]
    fn a_name_may_be_what_begins_ends_and_is_written_so() {
        let name = written("alias/", "ab", 1, 2, "-x");
        for (text, may_be) in [
            ("alias/a-x", true),
            ("alias/ba-x", true),
            ("alias/-x", false),
            ("alias/aba-x", false),
            ("alias/c-x", false),
            ("alias/a", false),
        ] {
            assert_eq!(name.may_be(text), may_be, "{text}");
        }
    }

    #[test]
    fn a_name_goes_on_with_one_of_several_texts() {
        let mut name = written("alias/", "xy", 0, 2, "-z");
        if let NameForm::Written { goes_on, .. } = &mut name.form {
            *goes_on = Vec::from(["eu-".into(), "us-".into()]);
        }
        for (text, may_be) in [
            ("alias/eu-xy-z", true),
            ("alias/us--z", true),
            ("alias/xy-z", false),
            ("alias/ap-x-z", false),
            ("alias/eu-xyx-z", false),
        ] {
            assert_eq!(name.may_be(text), may_be, "{text}");
        }
        let samples = name.samples().expect("texts");
        assert!(samples.iter().all(|text| name.may_be(text)), "{samples:?}");
        assert!(!name.may_be_that(&written("alias/ap-", "x", 0, 2, "-z")));
        assert!(name.may_be_that(&written("alias/us-", "x", 0, 2, "-z")));
        assert!(written("alias/us-", "x", 0, 2, "-z").may_be_that(&name));
    }

    #[test]
    fn samples_are_texts_that_the_name_may_be_and_meet_each_beginning_a4() {
        for (prefix, characters, suffix) in [
            ("alias/", "aws/", ""),
            ("alias/a", "ws", ""),
            ("alias/", "a", "ws/x"),
            ("", "alis/w", ""),
        ] {
            let name = written(prefix, characters, 0, 300, suffix);
            let samples = name.samples().expect("samples");
            assert!(samples.iter().all(|text| name.may_be(text)));
            assert!(
                samples.iter().any(|text| text.starts_with("alias/aws")),
                "{samples:?}"
            );
            assert!(samples.iter().any(|text| text.len() > 256));
        }
    }

    #[test]
    fn names_of_different_beginnings_or_endings_are_two() {
        let name = |prefix, suffix| written(prefix, "ab", 0, 9, suffix);
        assert!(name("alias/", "").may_be_that(&name("alias/a", "")));
        let with = |length: usize, values: &str| {
            let mut name = name("alias/", "");
            if let NameForm::Written { made_of, .. } = &mut name.form {
                *made_of = Some((values.into(), length));
            }
            name
        };
        assert!(!with(6, "stack").may_be_that(&with(8, "stack")));
        assert!(with(6, "stack").may_be_that(&with(6, "stack")));
        assert!(with(6, "stack").may_be_that(&with(8, "other")));
        assert!(!name("alias/", "").may_be_that(&name("alias/x", "")));
        assert!(!name("alias/a", "").may_be_that(&name("alias/b", "")));
        assert!(!name("alias/", "-a").may_be_that(&name("alias/", "-b")));
    }
}
