//! Patterns of Java that say what a text may be, as far as they mean here what they mean there.

use alloc::string::String;
use alloc::vec::Vec;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::texts::Written;
use kms_alias_foresee::verdict::CharacterSet;

/// What a whole text that matches a pattern may be; texts besides may be among them.
pub(super) struct Pattern {
    pub(super) written: Written,
    /// The texts, if they are few.
    pub(super) texts: Option<Vec<String>>,
    /// With one of which it begins, if they are few.
    pub(super) begins: Vec<String>,
}

/// Reads a pattern; nothing of one that may mean something else here than in Java.
pub(super) fn read(pattern: &str) -> Option<Pattern> {
    // Of classes of characters, these are ours alone.
    const OURS: [&str; 2] = ["--", "~~"];
    if !pattern.is_ascii() || OURS.iter().any(|ours| pattern.contains(ours)) {
        return None;
    }
    let hir = parser().parse(pattern).ok()?;
    let mut characters = CharacterSet::default();
    add(&hir, &mut characters);
    let properties = hir.properties();
    let written = Written {
        characters,
        least: properties.minimum_len()?,
        most: properties.maximum_len(),
    };
    let found = Extractor::new().extract(&hir);
    let begins = found.literals().and_then(|texts| {
        let each = texts
            .iter()
            .map(|text| String::from_utf8(text.as_bytes().to_vec()).ok());
        each.collect::<Option<Vec<_>>>()
    });
    let texts = begins
        .clone()
        .filter(|texts| found.is_exact() && !texts.is_empty());
    Some(Pattern {
        written,
        texts,
        begins: begins.unwrap_or_default(),
    })
}

fn parser() -> regex_syntax::Parser {
    ParserBuilder::new().unicode(false).utf8(false).build()
}

/// What is wrong with a pattern that is none in Java either.
pub(super) fn fault(pattern: &str) -> Option<String> {
    use regex_syntax::ast::ErrorKind;
    let error = parser().parse(pattern).err()?;
    let regex_syntax::Error::Parse(error) = error else {
        return None;
    };
    let is_of_java = matches!(
        error.kind(),
        ErrorKind::ClassRangeInvalid
            | ErrorKind::ClassUnclosed
            | ErrorKind::EscapeUnexpectedEof
            | ErrorKind::GroupUnclosed
            | ErrorKind::GroupUnopened
            | ErrorKind::RepetitionMissing
    );
    is_of_java.then(|| alloc::format!("{}", error.kind()))
}

/// Adds every character that a text can have which matches.
fn add(hir: &Hir, found: &mut CharacterSet) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            for byte in literal.0.iter().copied() {
                found.insert(char::from(byte));
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.ranges() {
                for byte in range.start()..=range.end() {
                    found.insert(char::from(byte));
                }
            }
        }
        HirKind::Class(Class::Unicode(_)) => *found = CharacterSet::ALL,
        HirKind::Repetition(repetition) => add(&repetition.sub, found),
        HirKind::Capture(capture) => add(&capture.sub, found),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().for_each(|one| add(one, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_the_characters_and_their_number() {
        let read = read("^[a-z][a-z0-9-]{2,9}$").expect("a pattern");
        assert_eq!((read.written.least, read.written.most), (3, Some(10)));
        assert!(
            "az09-"
                .chars()
                .all(|one| read.written.characters.contains(one))
        );
        assert!(
            "AZ_/:é"
                .chars()
                .all(|one| !read.written.characters.contains(one))
        );
        assert!(read.texts.is_none());
    }

    #[test]
    fn a_pattern_of_few_texts_tells_each() {
        let texts = read("^(dev|prod)-[12]$").expect("a pattern").texts;
        let texts = texts.expect("few");
        assert_eq!(texts, ["dev-1", "dev-2", "prod-1", "prod-2"]);
    }

    #[test]
    fn a_pattern_tells_how_its_texts_begin() {
        let begins = |pattern: &str| read(pattern).expect("a pattern").begins;
        assert_eq!(begins("^alias/.*$"), ["alias/"]);
        assert_eq!(begins("(alias|arn:aws)/x+"), ["alias/x", "arn:aws/x"]);
        for any in [".*alias/", "(alias/)?.*", "alias/|.*"] {
            let begins = begins(any);
            let is_told = begins.iter().all(|text| text.starts_with("alias/"));
            assert!(begins.is_empty() || !is_told, "{any}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_told_and_one_of_java_alone_is_not() {
        for none in ["[a-", "(a", "a)", "*a", "a\\"] {
            assert!(fault(none).is_some(), "{none}");
        }
        for of_java in [
            "(?=a)b",
            "(?<!a)b",
            "(a)\\1",
            "[a-z&&[^b]]",
            "\\p{Alpha}+",
            "a++",
        ] {
            assert!(fault(of_java).is_none(), "{of_java}");
        }
    }
}
