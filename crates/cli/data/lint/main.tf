# A sample for the linter: some of these names are wrong.

resource "aws_kms_key" "payments" {
  description = "payments"
}

resource "aws_kms_alias" "payments" {
  name          = "alias/payments"
  target_key_id = aws_kms_key.payments.key_id
}

resource "aws_kms_alias" "billing" {
  name          = "billing"
  target_key_id = aws_kms_key.payments.key_id
}

resource "aws_kms_alias" "reports" {
  name          = "alias/${var.environment}/monthly.reports"
  target_key_id = "alias/payments"
}

resource "aws_kms_alias" "archive" {
  name_prefix   = "alias/aws-archive-"
  target_key_id = "1234ABCD-12ab-34cd-56ef-1234567890ab"
}

resource "aws_kms_alias" "computed" {
  name          = var.alias_name
  target_key_id = aws_kms_key.payments.key_id
}

data "aws_kms_alias" "s3" {
  name = "alias/aws/s3"
}
