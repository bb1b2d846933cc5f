mod platform;
mod roles;
mod v1p1;
mod v1p1_bad;
mod v1p1_signature;
mod v1p1_xml;
mod v1p3;
mod v1p3_bad;
