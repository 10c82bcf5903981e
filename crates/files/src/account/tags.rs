//! The tags of a key, in the forms in which they stand beside its metadata.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

/// Tags as `list-resource-tags` prints them, or as AWS Config has them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Tags<'a> {
    /// `{"team": "payments"}`: an item of AWS Config.
    Map(BTreeMap<String, Option<String>>),
    /// `[{"TagKey": "team", "TagValue": "payments"}]`: KMS, or a row of a query of AWS Config.
    #[serde(borrow)]
    List(Vec<Tag<'a>>),
}

#[derive(Deserialize)]
pub(crate) struct Tag<'a> {
    #[serde(borrow, alias = "TagKey", alias = "tagKey", alias = "Key")]
    key: Cow<'a, str>,
    #[serde(
        borrow,
        default,
        alias = "TagValue",
        alias = "tagValue",
        alias = "Value"
    )]
    value: Option<Cow<'a, str>>,
}

impl Tags<'_> {
    /// Keys and values in the order of the keys; the last of those that have the same key.
    pub(crate) fn read(self) -> Vec<(String, String)> {
        let tags: BTreeMap<String, String> = match self {
            Self::Map(tags) => {
                let value = |value: Option<String>| value.unwrap_or_default();
                tags.into_iter()
                    .map(|(key, text)| (key, value(text)))
                    .collect()
            }
            Self::List(tags) => {
                let value = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned);
                let owned =
                    |tag: Tag<'_>| (tag.key.into_owned(), value(tag.value).unwrap_or_default());
                tags.into_iter().map(owned).collect()
            }
        };
        tags.into_iter().collect()
    }
}
