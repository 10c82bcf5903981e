//! The rules W1–W14, a function each.

mod forms;
mod halves;
mod sets;
mod use_of_keys;
mod values;

pub(super) use forms::{alias_arn_for_key, aws_alias, wrong_form};
pub(super) use halves::{half_permissions, key_condition_on_alias};
pub(super) use sets::{
    for_all_values_alone, for_any_value_negated, missing_set_operator, needless_set_operator,
};
pub(super) use use_of_keys::{
    condition_without_use, resource_aliases_in_key_policy, wrong_operator_or_key,
};
pub(super) use values::{impossible_value, variables};
