"""Full screens, which wire widgets to a session and hold no logic."""
