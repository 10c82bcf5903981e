//! Partitions, and what their Regions look like (rule K4).

use super::doors::text_doors;
use super::invalid::ParseError;
use crate::rule::Rule;

macro_rules! partitions {
    ($($(#[$doc:meta])* $name:ident $text:literal $($prefix:literal)*;)*) => {
        /// A group of Regions that AWS runs apart from the others (rule K4).
        ///
        /// ```
        /// use kms_alias::{Partition, Region};
        ///
        /// assert_eq!("aws-cn".parse::<Partition>()?, Partition::AwsCn);
        /// assert_eq!("cn-north-1".parse::<Region>()?.partition(), Partition::AwsCn);
        /// assert!(Partition::ALL.iter().all(|partition| partition.as_str().starts_with("aws")));
        /// # Ok::<(), kms_alias::ParseError>(())
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Partition {
            $($(#[$doc])* $name,)*
        }

        impl Partition {
            /// Every partition, in the byte order of the texts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The text, as ARNs have it.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }

        /// What the Regions of each partition begin with (rule K4): a word and a number follow.
        pub(super) const REGION_PREFIXES: &[(&str, Partition)] =
            &[$($(($prefix, Partition::$name),)*)*];
    };
}

partitions! {
    /// The commercial Regions.
    Aws "aws" "us-" "eu-" "ap-" "sa-" "ca-" "me-" "af-" "il-" "mx-";
    /// China.
    AwsCn "aws-cn" "cn-";
    /// The European Sovereign Cloud.
    AwsEusc "aws-eusc" "eusc-de-";
    /// Isolated Regions in the United States.
    AwsIso "aws-iso" "us-iso-";
    /// Isolated Regions in the United States, the second group.
    AwsIsoB "aws-iso-b" "us-isob-";
    /// Isolated Regions in Europe.
    AwsIsoE "aws-iso-e" "eu-isoe-";
    /// Isolated Regions in the United States, the third group.
    AwsIsoF "aws-iso-f" "us-isof-";
    /// The government of the United States.
    AwsUsGov "aws-us-gov" "us-gov-";
}

text_doors!(Partition);

impl Partition {
    /// What the names of its Regions begin with: a word and a number follow (rule K4).
    ///
    /// ```
    /// use kms_alias::Partition;
    ///
    /// assert_eq!(Partition::AwsCn.region_prefixes().collect::<Vec<_>>(), ["cn-"]);
    /// ```
    pub fn region_prefixes(self) -> impl Iterator<Item = &'static str> {
        let all = REGION_PREFIXES.iter();
        let own = all.filter(move |(_, partition)| *partition == self);
        own.map(|(prefix, _)| *prefix)
    }

    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .iter()
            .find(|known| known.as_str() == text)
            .copied()
            .ok_or_else(|| {
                let same = |known: &Self| {
                    known
                        .as_str()
                        .bytes()
                        .zip(text.bytes())
                        .take_while(|(a, b)| a == b)
                        .count()
                };
                let position = Self::ALL.iter().map(same).max().unwrap_or_default();
                ParseError::at(
                    "partition",
                    text,
                    position,
                    "a partition, such as `aws`",
                    Rule::K4,
                )
            })
    }
}
