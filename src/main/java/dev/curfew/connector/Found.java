package dev.curfew.connector;

import java.util.Optional;

/**
 * Something at a target that carries our mark or name.
 *
 * @param name what it is called there
 * @param mark empty when it has our name but no readable mark: reported, never touched
 * @param open whether somebody could enter by it now (it can log in, or has live sessions)
 * @param handle enough to revoke it
 */
public record Found(String name, Optional<Mark> mark, boolean open, Handle handle) {}
