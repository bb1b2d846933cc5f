//! Every page, to be looked at: screenshots in light, dark and at a phone's width, and axe-core over each.
mod account;
mod getting_in;
mod itself;
mod letting_in;
