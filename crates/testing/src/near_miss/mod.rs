//! Texts that are identifiers, that nearly are, and that are anything.
#![allow(dead_code, reason = "each test has its own use of it")]

use proptest::prelude::*;
use proptest::sample::{Index, select};

pub const NAME: &str = "alias/[A-Za-z0-9/_-]{1,40}";
pub const LONG_NAME: &str = "alias/[A-Za-z0-9/_-]{240,254}";
pub const RESERVED: &str = "alias/aws[/a-z-]{0,3}[A-Za-z0-9/_-]{0,10}";
pub const KEY_ID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
pub const MULTI_REGION: &str = "mrk-[0-9a-f]{32}";
pub const REGION: &str = "(us|eu|ap|sa|ca|me|af|il|mx|cn|eusc-de|us-iso|us-isob|eu-isoe|us-isof|us-gov)-[a-z]{1,12}-[0-9]{1,2}";
pub const PARTITION: &str = "aws(-cn|-eusc|-iso|-iso-b|-iso-e|-iso-f|-us-gov)?";
pub const ACCOUNT: &str = "[0-9]{12}";

/// Heads of ARNs that are right.
const SCOPE: &str = "arn:(aws:kms:(us|eu|ap|sa|ca|me|af|il|mx)|aws-cn:kms:cn|aws-eusc:kms:eusc-de\
    |aws-iso:kms:us-iso|aws-iso-b:kms:us-isob|aws-iso-e:kms:eu-isoe|aws-iso-f:kms:us-isof\
    |aws-us-gov:kms:us-gov)-[a-z]{1,12}-[0-9]{1,2}:[0-9]{12}";

pub fn scope() -> String {
    SCOPE.into()
}

/// Heads of ARNs whose Region is often not of the partition.
pub fn crossed_scope() -> String {
    format!("arn:{PARTITION}:kms:{REGION}:{ACCOUNT}")
}

pub fn key_arn() -> String {
    format!("{SCOPE}:key/({KEY_ID}|{MULTI_REGION})")
}

pub fn alias_arn() -> String {
    format!("{SCOPE}:({NAME}|{RESERVED})")
}

/// One change of a text.
#[derive(Clone, Debug)]
enum Mutation {
    Insert(Index, char),
    Delete(Index),
    Replace(Index, char),
    ChangeCase(Index),
    Truncate(Index),
    Extend(String),
    Swap(Index, Index),
}

impl Mutation {
    fn apply(&self, text: &str) -> String {
        let mut characters: Vec<_> = text.chars().collect();
        let count = characters.len();
        match self {
            Self::Insert(at, character) => characters.insert(at.index(count + 1), *character),
            Self::Extend(more) => characters.extend(more.chars()),
            _ if count == 0 => {}
            Self::Delete(at) => {
                characters.remove(at.index(count));
            }
            Self::Replace(at, character) => characters[at.index(count)] = *character,
            Self::ChangeCase(at) => {
                let character = &mut characters[at.index(count)];
                *character = if character.is_ascii_lowercase() {
                    character.to_ascii_uppercase()
                } else {
                    character.to_ascii_lowercase()
                };
            }
            Self::Truncate(at) => characters.truncate(at.index(count)),
            Self::Swap(a, b) => characters.swap(a.index(count), b.index(count)),
        }
        characters.into_iter().collect()
    }
}

/// Neighbours of what the grammars allow, characters of more bytes than one, and any other.
fn character() -> impl Strategy<Value = char> {
    let edges: Vec<char> = "/:-_.`@[{^ \0\n\u{7f}azAZ09gGéß\u{212a}\u{ff10}日\u{1f511}"
        .chars()
        .collect();
    prop_oneof![4 => select(edges), 1 => any::<char>()]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        (at(), character()).prop_map(|(at, character)| Mutation::Insert(at, character)),
        at().prop_map(Mutation::Delete),
        (at(), character()).prop_map(|(at, character)| Mutation::Replace(at, character)),
        at().prop_map(Mutation::ChangeCase),
        at().prop_map(Mutation::Truncate),
        "[A-Za-z0-9/:_-]{1,20}".prop_map(Mutation::Extend),
        (at(), at()).prop_map(|(a, b)| Mutation::Swap(a, b)),
    ]
}

/// Texts of a form, after none to three changes.
pub fn near(form: &str) -> BoxedStrategy<String> {
    let texts = proptest::string::string_regex(form).expect("a regex");
    (texts, prop::collection::vec(mutation(), 0..=3))
        .prop_map(|(text, mutations)| {
            mutations
                .iter()
                .fold(text, |text, mutation| mutation.apply(&text))
        })
        .boxed()
}

/// Texts of a form.
pub fn exactly(form: &str) -> BoxedStrategy<String> {
    proptest::string::string_regex(form)
        .expect("a regex")
        .boxed()
}

/// Near misses of every form, and any text at all.
pub fn anything() -> BoxedStrategy<String> {
    prop_oneof![
        near(NAME),
        near(RESERVED),
        near(KEY_ID),
        near(MULTI_REGION),
        near(REGION),
        near(PARTITION),
        near(ACCOUNT),
        near(SCOPE),
        near(&crossed_scope()),
        near(&key_arn()),
        near(&alias_arn()),
        any::<String>(),
        ".{0,12}",
    ]
    .boxed()
}
