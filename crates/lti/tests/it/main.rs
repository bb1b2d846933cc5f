mod roles;
mod v1p1_signature;
