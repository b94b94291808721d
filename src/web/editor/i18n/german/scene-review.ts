// German texts of reviewing point clouds.
export const sceneReviewTexts: Readonly<Record<string, string>> = {
  'There is nothing here that an issue could be about': 'Hier ist nichts, worum es in einer Anmerkung gehen könnte',
  'Click on an object or a place that is wrong, Esc cancels':
    'Auf ein Objekt oder eine Stelle klicken, die nicht stimmt; Esc bricht ab',
}
