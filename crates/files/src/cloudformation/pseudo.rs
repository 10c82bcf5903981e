//! Pseudo parameters, such as `AWS::Region`, and the IDs of stacks, which are ARNs.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::evaluate::{DEEPEST, Evaluated, Part, Scope, text_of_parts};
use super::split::STACK_ID;
use super::written::url_suffix;

/// Every pseudo parameter that CloudFormation has.
pub(super) const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The name of a stack.
pub(super) const STACK_NAME: &str = "AWS::StackName";

/// The name of a nested stack in it, which CloudFormation makes.
pub(super) const OF_NESTED: &str = "AWS::StackName of the nested stack";

/// Whether a value that is not known is the name of a stack.
pub(super) fn is_stack_name(label: &str) -> bool {
    label.starts_with(STACK_NAME)
}

impl Scope<'_> {
    /// The value of a pseudo parameter; nothing for any other name.
    pub(super) fn pseudo_parameter(&self, name: &str) -> Option<Evaluated> {
        let or_unknown =
            |value: Option<&str>| value.map_or_else(|| Evaluated::unknown(name), Evaluated::known);
        Some(match name {
            "AWS::NoValue" => Evaluated::Nothing,
            // It can be handed in like any other.
            _ if name.starts_with("AWS::") && self.parameters.contains_key(name) => {
                or_unknown(self.parameters.get(name).map(String::as_str))
            }
            "AWS::Region" => match &self.place.region {
                Some(region) => Evaluated::known(region.as_str()),
                None => or_unknown(self.allowed(name).as_deref()),
            },
            "AWS::AccountId" => or_unknown(self.place.account.as_ref().map(|it| it.as_str())),
            "AWS::Partition" => or_unknown(self.place.partition().as_ref().map(|it| it.as_str())),
            "AWS::URLSuffix" => or_unknown(self.place.partition().and_then(url_suffix)),
            STACK_NAME if self.is_nested() => Evaluated::unknown(OF_NESTED),
            STACK_NAME => or_unknown(self.stack_name),
            STACK_ID => self.stack_id(
                self.reference(STACK_NAME, DEEPEST).parts(),
                STACK_ID.to_owned(),
            ),
            _ => return None,
        })
    }

    /// The ID of a nested stack in its parent.
    pub(super) fn nested_stack_id(&self, logical_id: &str) -> Evaluated {
        let name = Part::Unknown(format!("{OF_NESTED} of {logical_id}"));
        self.stack_id(Vec::from([name]), format!("{STACK_ID} of {logical_id}"))
    }

    /// The ARN of a stack: in front of its UUID stands what other pseudo parameters tell.
    fn stack_id(&self, name: Vec<Part>, uuid: String) -> Evaluated {
        let known = |text: &str| Vec::from([Part::Known(text.to_owned())]);
        let of = |name: &str| self.reference(name, DEEPEST).parts();
        text_of_parts(
            [
                known("arn:"),
                of("AWS::Partition"),
                known(":cloudformation:"),
                of("AWS::Region"),
                known(":"),
                of("AWS::AccountId"),
                known(":stack/"),
                name,
                known("/"),
                Vec::from([Part::Unknown(uuid)]),
            ]
            .concat(),
        )
    }
}
