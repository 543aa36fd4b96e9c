"""The web application: subscriptions and the review desk."""
