//! Terraform and OpenTofu: the files of one folder are one module.

mod evaluate;
mod expression;
mod hcl;
mod json;
mod module;
mod policies;

pub(crate) use expression::Block;
pub(crate) use hcl::read as read_hcl;
pub(crate) use json::read as read_json;
pub(crate) use module::lint;
