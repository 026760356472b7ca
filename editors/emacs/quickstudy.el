;;; quickstudy.el --- Quickstudy in Emacs, by Eglot  -*- lexical-binding: t; -*-

;; For your init file. Eglot runs one server in a buffer: in Python buffers this one.

(require 'eglot)

;; A PYTHONPATH of the project would put the project's modules before the server's own.
(add-to-list 'eglot-server-programs
             '((python-mode python-ts-mode) . ("env" "PYTHONPATH=" "quickstudy-server")))

;; The settings of Quickstudy, in camelCase.
(setq-default eglot-workspace-configuration
              '(:quickstudy (:rounds 4)))

;; A repository's .dir-locals.el could choose the models that your code is sent to: Emacs asks you first.
(put 'eglot-workspace-configuration 'safe-local-variable nil)

(provide 'quickstudy)
;;; quickstudy.el ends here
